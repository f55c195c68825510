import java.io.FileInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates files against flavours, many in one start of the JVM.
 *
 * <p>Arguments: flavours joined by commas (3a,ua1), then files. Prints one line for each file and flavour,
 * "verdict TAB flavour TAB checks TAB file", and after it one line for each broken rule,
 * "- TAB clause-test TAB times TAB message". Ends with 0 whatever the verdicts; another code is a fault of the run.
 */
public final class Validate {
  private static final int MESSAGES_PER_RULE = 1;

  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (int i = 1; i < arguments.length; i++) {
      for (String flavour : arguments[0].split(",")) {
        validate(arguments[i], PDFAFlavour.fromString(flavour));
      }
    }
  }

  private static void validate(String file, PDFAFlavour flavour) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
        PDFAValidator validator =
            Foundries.defaultInstance().createValidator(flavour, MESSAGES_PER_RULE, false, false, false)) {
      ValidationResult result = validator.validate(parser);
      String verdict = result.isCompliant() ? "PASS" : "FAIL";
      System.out.printf("%s\t%s\t%d\t%s%n", verdict, flavour, result.getTotalAssertions(), file);
      Map<String, String> messages = new LinkedHashMap<>();
      Map<String, Integer> times = new LinkedHashMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
          String message = assertion.getErrorMessage() == null ? assertion.getMessage() : assertion.getErrorMessage();
          messages.putIfAbsent(rule, message.replaceAll("\\s+", " ") + " at " + assertion.getLocation().getContext());
          times.merge(rule, 1, Integer::sum);
        }
      }
      messages.forEach((rule, message) -> System.out.printf("-\t%s\t%d\t%s%n", rule, times.get(rule), message));
    }
  }
}
