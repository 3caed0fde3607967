import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** java.net.HttpURLConnection. */
final class OldClient {
    public static void main(String[] arguments) throws Exception {
        Driver.serve(OldClient::send);
    }

    private static Driver.Response send(Driver.Request request) throws Exception {
        var connection = (HttpURLConnection) new URL(request.url()).openConnection();
        connection.setRequestMethod(request.method());
        if (request.authenticator() != null) {
            connection.setAuthenticator(request.authenticator());
        }
        request.headers().forEach(connection::setRequestProperty);
        if (!request.body().isEmpty()) {
            connection.setDoOutput(true);
            try (var output = connection.getOutputStream()) {
                output.write(request.body().getBytes());
            }
        }
        try (var input = connection.getInputStream()) {
            return new Driver.Response(connection.getResponseCode(), new String(input.readAllBytes()));
        } catch (IOException error) {
            throw failure(connection, error);
        }
    }

    /** Reads the body of an error, because the connection is reused only then. */
    private static IOException failure(HttpURLConnection connection, IOException error) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            if (body != null) {
                body.readAllBytes();
            }
        }
        try {
            var status = connection.getResponseCode();
            return status < 0 ? error : new Driver.StatusException(status, error);
        } catch (IOException none) {
            return error;
        }
    }
}
