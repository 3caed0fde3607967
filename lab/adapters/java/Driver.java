import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads requests from standard input, and prints what the client did, one line each; adapters/python/driver.py has the format. */
final class Driver {
    record Request(String method, String url, String body, Authenticator authenticator, boolean follow, Map<String, String> headers) {}

    record Response(int status, String text) {}

    /** An error that comes with a status. */
    static final class StatusException extends IOException {
        final int status;

        StatusException(int status, IOException cause) {
            super(cause);
            this.status = status;
        }
    }

    interface Sender {
        Response send(Request request) throws Exception;
    }

    static void serve(Sender sender) throws IOException {
        write("ready", Runtime.version().toString().split("[+-]")[0]);
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            try {
                var response = sender.send(parse(line.split("\t", -1)));
                write("returned", response.status(), response.text());
            } catch (StatusException error) {
                write("raised", error.status, error.getCause().getClass().getSimpleName());
            } catch (Exception error) {
                write("raised", "", error.getClass().getSimpleName());
            }
        }
    }

    private static Request parse(String[] fields) {
        var headers = new LinkedHashMap<String, String>();
        for (var header : Arrays.asList(fields).subList(5, fields.length)) {
            var pair = header.split(": ", 2);
            headers.put(pair[0], pair[1]);
        }
        var authenticator = fields[3].isEmpty() ? null : authenticator(fields[3].split(":", 2));
        return new Request(fields[0], fields[1], fields[2], authenticator, fields[4].equals("follow"), headers);
    }

    private static Authenticator authenticator(String[] credentials) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(credentials[0], credentials[1].toCharArray());
            }
        };
    }

    private static void write(Object... fields) {
        var cleaned = Arrays.stream(fields).map(field -> String.valueOf(field).strip().replaceAll("\\s+", " "));
        var shortened = cleaned.map(field -> field.substring(0, Math.min(field.length(), 60)));
        System.out.println(String.join("\t", shortened.toList()));
    }
}
