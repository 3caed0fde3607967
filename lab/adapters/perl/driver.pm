# Reads requests from standard input, and prints what the client did, one line each; adapters/python/driver.py has the
# format.
package driver;

use strict;
use warnings;

sub write_fields {
    my @cleaned = map { substr join(' ', split ' ', $_ // ''), 0, 60 } @_;
    print join("\t", @cleaned), "\n";
}

# Passes each request to a function that returns `returned` or `raised`, the status, and the body or the error.
sub serve {
    my ($send, $version) = @_;
    local $| = 1;
    write_fields('ready', $version);
    while (my $line = <STDIN>) {
        chomp $line;
        my ($method, $url, $body, $credentials, $follow, @headers) = split /\t/, $line, -1;
        my ($user, $password) = split /:/, $credentials, 2;
        my %headers = map { split /: /, $_, 2 } @headers;
        my @result = eval {
            $send->({
                method => $method,
                url => $url,
                body => $body,
                user => $user,
                password => $password,
                headers => \%headers,
            });
        };
        write_fields(@result ? @result : ('raised', '', $@));
    }
}

1;
