<?php
// The curl extension, with one handle.

require 'driver.php';

$handle = curl_init();

$send = function (Request $request) use ($handle): array {
    curl_reset($handle);
    curl_setopt($handle, CURLOPT_URL, $request->url);
    curl_setopt($handle, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($handle, CURLOPT_HTTPHEADER, $request->headers);
    curl_setopt($handle, CURLOPT_FOLLOWLOCATION, $request->follow);
    match ($request->method) {
        'GET' => null,
        'HEAD' => curl_setopt($handle, CURLOPT_NOBODY, true),
        'POST' => curl_setopt($handle, CURLOPT_POST, true),
        default => curl_setopt($handle, CURLOPT_CUSTOMREQUEST, $request->method),
    };
    if ($request->body !== '') {
        curl_setopt($handle, CURLOPT_POSTFIELDS, $request->body);
    }
    if ($request->credentials !== '') {
        curl_setopt($handle, CURLOPT_USERPWD, $request->credentials);
    }
    $body = curl_exec($handle);
    $status = curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
    if ($body === false) {
        throw new ClientError('error ' . curl_errno($handle), $status ?: null);
    }
    return [$status, $body];
};

serve($send, PHP_VERSION . ', libcurl ' . curl_version()['version']);
