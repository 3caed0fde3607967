# LWP::UserAgent.
use strict;
use warnings;
use lib '.';

use HTTP::Request;
use LWP::UserAgent;
use driver;

my $agent = LWP::UserAgent->new;

sub send_request {
    my ($request) = @_;
    my $message = HTTP::Request->new($request->{method}, $request->{url}, [%{ $request->{headers} }]);
    $message->content($request->{body}) if $request->{body} ne '';
    $message->authorization_basic($request->{user}, $request->{password}) if $request->{user};
    my $response = $agent->request($message);
    # The agent turns errors into responses that have this header.
    my $made_up = ($response->header('Client-Warning') // '') eq 'Internal response';
    return ('raised', '', $response->message) if $made_up;
    return ('returned', $response->code, $response->content);
}

driver::serve(\&send_request, $LWP::UserAgent::VERSION);
