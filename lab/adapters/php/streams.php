<?php
// The function file_get_contents.

require 'driver.php';

$send = function (Request $request): array {
    $options = ['method' => $request->method, 'header' => $request->headers, 'content' => $request->body];
    $url = $request->credentials ? str_replace('://', "://{$request->credentials}@", $request->url) : $request->url;
    $body = @file_get_contents($url, false, stream_context_create(['http' => array_filter($options)]));
    // PHP sets this variable to the headers of all responses.
    $lines = preg_grep('#^HTTP/#', $http_response_header ?? []);
    $status = $lines ? (int) explode(' ', end($lines))[1] : null;
    if ($body === false) {
        // The message begins with the function and its URL.
        throw new ClientError(preg_replace('/^.*?\): /', '', error_get_last()['message']), $status);
    }
    return [$status, $body];
};

serve($send, PHP_VERSION);
