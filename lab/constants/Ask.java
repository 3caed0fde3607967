import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Print the JDK's names for status codes: the constants of HttpURLConnection. */
public class Ask {
    private static final class Entry {
        final List<String> current = new ArrayList<>();
        final List<String> deprecated = new ArrayList<>();
    }

    public static void main(String[] arguments) throws IllegalAccessException {
        Map<Integer, Entry> codes = new TreeMap<>();
        for (Field field : HttpURLConnection.class.getFields()) {
            if (!field.getName().startsWith("HTTP_")) {
                continue;
            }
            Entry entry = codes.computeIfAbsent(field.getInt(null), code -> new Entry());
            boolean old = field.isAnnotationPresent(Deprecated.class);
            (old ? entry.deprecated : entry.current).add("HttpURLConnection." + field.getName());
        }
        String inside = codes.entrySet().stream()
                .map(code -> quoted(code.getKey().toString()) + ":" + json(code.getValue()))
                .collect(Collectors.joining(",\n"));
        String version = quoted(System.getProperty("java.version"));
        System.out.println("{\"version\":" + version + ",\"codes\":{\n" + inside + "\n}}");
    }

    private static String json(Entry entry) {
        List<String> names = entry.current;
        String name = names.isEmpty() ? "null" : quoted(names.get(0));
        List<String> aliases = names.isEmpty() ? names : names.subList(1, names.size());
        return "{\"name\":" + name + ",\"aliases\":" + list(aliases) + ",\"deprecated\":"
                + list(entry.deprecated) + ",\"phrase\":null}";
    }

    private static String list(List<String> names) {
        return names.stream().map(Ask::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
