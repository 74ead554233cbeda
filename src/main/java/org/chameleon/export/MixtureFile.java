package org.chameleon.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.representer.Represent;
import org.yaml.snakeyaml.representer.Representer;

/** Text of mixture files: keys in the order given, shares with all their digits. */
final class MixtureFile {
  private MixtureFile() {}

  static String json(Map<String, ?> content) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(content) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns YAML in block style.
   *
   * @param comment lines put before it
   */
  static String yaml(String comment, Map<String, ?> content) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndent(2);
    options.setWidth(Integer.MAX_VALUE);
    options.setSplitLines(false);
    Yaml yaml = new Yaml(new Quoting(options), options);
    return printable(comment).strip().replaceAll("(?m)^", "# ") + "\n" + yaml.dump(content);
  }

  /** Returns a comment in which a name's line ends and what YAML does not allow are escaped. */
  private static String printable(String comment) {
    StringBuilder text = new StringBuilder();
    comment
        .codePoints()
        .forEach(
            c -> {
              boolean isEscaped =
                  c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
              if (c == '\n' || (!isEscaped && StreamReader.isPrintable(c))) {
                text.appendCodePoint(c);
              } else {
                text.append("\\u%04x".formatted(c));
              }
            });
    return text.toString();
  }

  /** Quotes texts that a reader of any version of YAML may take for numbers, such as 1e3. */
  private static final class Quoting extends Representer {
    private static final Pattern NUMBER = Pattern.compile("(?s)[-+.]?[0-9].*|[-+]?\\.\\D.*");

    private final Represent plain;

    Quoting(DumperOptions options) {
      super(options);
      plain = representers.get(String.class);
      representers.put(String.class, this::text);
    }

    private Node text(Object value) {
      boolean number = NUMBER.matcher((String) value).matches();
      return number
          ? representScalar(Tag.STR, (String) value, DumperOptions.ScalarStyle.SINGLE_QUOTED)
          : plain.representData(value);
    }
  }
}
