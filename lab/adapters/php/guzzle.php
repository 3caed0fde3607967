<?php
// Guzzle.

require 'GuzzleHttp/autoload.php';
require 'driver.php';

$client = new GuzzleHttp\Client();

$send = function (Request $request) use ($client): array {
    $options = ['headers' => []];
    foreach ($request->headers as $header) {
        [$name, $options['headers'][$name]] = explode(': ', $header, 2);
    }
    if ($request->body !== '') {
        $options['body'] = $request->body;
    }
    if ($request->credentials !== '') {
        $options['auth'] = explode(':', $request->credentials, 2);
    }
    $response = $client->request($request->method, $request->url, $options);
    return [$response->getStatusCode(), (string) $response->getBody()];
};

// Guzzle itself knows only its major version.
$installed = shell_exec('dpkg-query --show --showformat \'${Version}\' php-guzzlehttp-guzzle');
serve($send, explode('-', $installed)[0]);
