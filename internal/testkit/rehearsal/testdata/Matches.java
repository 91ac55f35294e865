import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/** Prints for each event, one a line of the input, whether EventBridge's own matcher finds that it matches the pattern. */
public class Matches {
    public static void main(String[] args) throws Exception {
        Machine machine = new Machine();
        machine.addRule("rule", args[0]);
        var events = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String event; (event = events.readLine()) != null;) {
            System.out.println(!machine.rulesForJSONEvent(event).isEmpty());
        }
    }
}
