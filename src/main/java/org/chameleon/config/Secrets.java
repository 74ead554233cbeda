package org.chameleon.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must not be written down: passwords in URIs, signatures behind their question marks, and
 * access keys. All that is recorded, printed or thrown as a message goes through here.
 */
public final class Secrets {
  /** What stands in place of a secret. */
  public static final String MASK = "***";

  /**
   * Who logs in, up to the last {@code @} before the path. A password may hold a slash, unless what
   * stands before it is a port, which buckets have none of, and a further {@code @} behind it.
   */
  private static final Pattern LOGIN =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]*)://([^\\s/]+@"
              + "|(?:(?<=s3[an]?://|gs://|oss://|cosn?://|obs://)[^\\s/@:]*:"
              + "|[^\\s/@:]*:(?!\\d{1,5}(?:/|\\s|$)))[^\\s@]*@(?:[^\\s/@]*@)*)");

  /** Before the {@code @} of these stands a container or bucket, not a person. */
  private static final Pattern CONTAINER = Pattern.compile("abfss?|wasbs?|oci");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&][^=&\\s]*(?:key|token|secret|sig|password|credential)[^=&\\s]*=)[^&\\s\"']*");

  private static final Pattern ACCESS_KEY =
      Pattern.compile("\\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|(?:hf|ghp)_[A-Za-z0-9]{30,})\\b");

  private Secrets() {}

  /** Returns a text without secrets; null stays null. */
  public static String hidden(String text) {
    if (text == null) {
      return null;
    }
    String withoutLogin = LOGIN.matcher(text).replaceAll(Secrets::login);
    String withoutParameter = PARAMETER.matcher(withoutLogin).replaceAll("$1" + MASK);
    return ACCESS_KEY.matcher(withoutParameter).replaceAll(MASK);
  }

  private static String login(MatchResult uri) {
    boolean container = CONTAINER.matcher(uri.group(1)).matches() && uri.group(2).indexOf(':') < 0;
    return Matcher.quoteReplacement(uri.group(1) + "://" + (container ? uri.group(2) : MASK + "@"));
  }

  /** Returns a tree whose texts, at any depth, are without secrets. */
  public static JsonNode hidden(JsonNode node) {
    if (node.isTextual()) {
      return TextNode.valueOf(hidden(node.textValue()));
    }
    if (node instanceof ObjectNode object) {
      ObjectNode hidden = object.objectNode();
      object.fields().forEachRemaining(f -> hidden.set(hidden(f.getKey()), hidden(f.getValue())));
      return hidden;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode hidden = array.arrayNode();
      array.forEach(element -> hidden.add(hidden(element)));
      return hidden;
    }
    return node;
  }

  /**
   * Returns whether a text has places in which secrets stood: it cannot be used for what it was.
   */
  public static boolean wereIn(String text) {
    return text.contains(MASK);
  }

  /** Returns whether any of the texts had a secret in it, or would have. */
  public static boolean areIn(List<String> texts) {
    return texts.stream().anyMatch(text -> wereIn(text) || !text.equals(hidden(text)));
  }
}
