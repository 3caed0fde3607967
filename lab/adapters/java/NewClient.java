import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.URI;

/** java.net.http.HttpClient. */
final class NewClient {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final HttpClient FOLLOWING = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    public static void main(String[] arguments) throws Exception {
        Driver.serve(NewClient::send);
    }

    private static Driver.Response send(Driver.Request request) throws Exception {
        var builder = HttpRequest.newBuilder(URI.create(request.url()));
        switch (request.method()) {
            case "GET" -> builder.GET();
            case "HEAD" -> builder.method("HEAD", BodyPublishers.noBody());
            case "DELETE" -> builder.DELETE();
            default -> builder.method(request.method(), BodyPublishers.ofString(request.body()));
        }
        request.headers().forEach((name, value) -> {
            if (name.equalsIgnoreCase("Expect")) {
                builder.expectContinue(true); // the client refuses this header
            } else {
                builder.header(name, value);
            }
        });
        var response = client(request).send(builder.build(), BodyHandlers.ofString());
        return new Driver.Response(response.statusCode(), response.body());
    }

    private static HttpClient client(Driver.Request request) {
        if (request.authenticator() == null) {
            return request.follow() ? FOLLOWING : CLIENT;
        }
        // A client caches credentials, so the next run needs a new one.
        var follow = request.follow() ? HttpClient.Redirect.NORMAL : HttpClient.Redirect.NEVER;
        return HttpClient.newBuilder().followRedirects(follow).authenticator(request.authenticator()).build();
    }
}
