# HTTP::Tiny.
use strict;
use warnings;
use lib '.';

use HTTP::Tiny;
use driver;

my $agent = HTTP::Tiny->new;

sub send_request {
    my ($request) = @_;
    my %options = (headers => $request->{headers});
    $options{content} = $request->{body} if $request->{body} ne '';
    my $url = $request->{url};
    $url =~ s{://}{://$request->{user}:$request->{password}@} if $request->{user};
    my $response = $agent->request($request->{method}, $url, \%options);
    # The module turns errors into responses with this code and reason phrase.
    my $made_up = $response->{status} eq '599' && $response->{reason} eq 'Internal Exception';
    return ('raised', '', $response->{content}) if $made_up;
    return ('returned', $response->{status}, $response->{content});
}

driver::serve(\&send_request, HTTP::Tiny->VERSION);
