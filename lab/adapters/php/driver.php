<?php
// Reads requests from standard input, and prints what the client did, one line each; adapters/python/driver.py has the
// format.

final class Request
{
    /** @param string[] $headers each as `Name: value` */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly string $body,
        public readonly string $credentials,
        public readonly bool $follow,
        public readonly array $headers,
    ) {
    }
}

/** An error of a client that reports it without an exception. */
final class ClientError extends Exception
{
    public function __construct(string $name, public readonly ?int $status = null)
    {
        parent::__construct($name);
    }
}

/** Passes each request to a function that returns the status and the body, or throws an exception. */
function serve(callable $send, string $version): void
{
    write('ready', $version);
    while (($line = fgets(STDIN)) !== false) {
        $fields = explode("\t", rtrim($line, "\n"));
        [$method, $url, $body, $credentials, $follow] = $fields;
        try {
            $headers = array_slice($fields, 5);
            [$status, $text] = $send(new Request($method, $url, $body, $credentials, $follow === 'follow', $headers));
            write('returned', $status, $text);
        } catch (ClientError $error) {
            write('raised', $error->status, $error->getMessage());
        } catch (Throwable $error) {
            $response = method_exists($error, 'getResponse') ? $error->getResponse() : null;
            write('raised', $response?->getStatusCode(), (new ReflectionClass($error))->getShortName());
        }
    }
}

function write(mixed ...$fields): void
{
    $cleaned = array_map(fn ($field) => substr(trim(preg_replace('/\s+/', ' ', (string) $field)), 0, 60), $fields);
    fwrite(STDOUT, implode("\t", $cleaned) . "\n");
}
