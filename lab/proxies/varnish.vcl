vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "@upstream@";
    .first_byte_timeout = 1s;
    .between_bytes_timeout = 1s;
}

sub vcl_recv {
    return (pass);
}
