package org.chameleon.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How one file of an artifact becomes documents. */
enum Extraction {
  /** Source code: pieces of some 2,000 characters, cut at an empty line where there is one soon. */
  CODE {
    @Override
    List<String> documents(String text) {
      List<String> documents = new ArrayList<>();
      StringBuilder piece = new StringBuilder();
      for (String line : text.lines().toList()) {
        boolean full = piece.length() >= (line.isBlank() ? LEAST : MOST);
        if (full) {
          documents.add(piece.toString());
          piece.setLength(0);
        }
        piece.append(line).append('\n');
      }
      documents.add(piece.toString());
      return documents;
    }
  },
  /** WordNet data: what stands behind {@code |} in each line. */
  GLOSSES {
    @Override
    List<String> documents(String text) {
      return text.lines()
          .filter(line -> line.indexOf('|') > 0 && !line.startsWith("  "))
          .map(line -> line.substring(line.indexOf('|') + 1).strip())
          .toList();
    }
  },
  /** Rules of a grammar checker: the sentence in each {@code <example>}. */
  EXAMPLES {
    @Override
    List<String> documents(String text) {
      return EXAMPLE.matcher(text).results().map(found -> plain(found.group(1))).toList();
    }
  },
  /** A web page: its text. */
  PAGE {
    @Override
    List<String> documents(String text) {
      return List.of(plain(HIDDEN.matcher(text).replaceAll(" ").replaceAll("<[^>]*>", " ")));
    }
  };

  private static final int LEAST = 2000;
  private static final int MOST = 2 * LEAST;
  private static final Pattern EXAMPLE =
      Pattern.compile("<example[^>]*>(.*?)</example>", Pattern.DOTALL);
  private static final Pattern HIDDEN =
      Pattern.compile("<(script|style|head)\\b.*?</\\1>|<!--.*?-->", Pattern.DOTALL);
  private static final Pattern ENTITY = Pattern.compile("&(#\\d+|#x[0-9a-fA-F]+|[a-z]+);");

  abstract List<String> documents(String text);

  /** Returns the documents that are not blank. */
  List<String> from(String text) {
    List<String> kept = new ArrayList<>(documents(text));
    kept.removeIf(String::isBlank);
    return kept;
  }

  /** Returns text without tags and entities, with single spaces. */
  static String plain(String markup) {
    Matcher entities = ENTITY.matcher(markup.replaceAll("<[^>]*>", ""));
    return entities.replaceAll(Extraction::character).replaceAll("\\s+", " ").strip();
  }

  private static String character(MatchResult entity) {
    String name = entity.group(1);
    if (name.startsWith("#")) {
      int code =
          name.startsWith("#x")
              ? Integer.parseInt(name.substring(2), 16)
              : Integer.parseInt(name.substring(1));
      return Character.isValidCodePoint(code)
          ? Matcher.quoteReplacement(Character.toString(code))
          : " ";
    }
    return switch (name) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> " ";
    };
  }
}
