package org.chameleon.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads the objects of a line, as far as the fields that are wanted; the rest is passed over, of
 * any size and depth, with the NaN and Infinity that some writers put there. Of two fields with the
 * same name the last counts.
 */
final class JsonLineParser {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(unlimited())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final Columns columns;
  private byte[] source;
  private JsonRow.Field domain;
  private JsonRow.Field content;
  private int domainDepth;
  private int contentDepth;

  /** The parser of bytes, which alone says where they are, keeps names. */
  private static final JsonFactory BYTES =
      JSON.rebuild()
          .enable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static StreamReadConstraints unlimited() {
    StreamReadConstraints.Builder none =
        StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNestingDepth(Integer.MAX_VALUE);
    try {
      // From Jackson 2.16 on, as in Spark 4, names have a limit too.
      StreamReadConstraints.Builder.class
          .getMethod("maxNameLength", int.class)
          .invoke(none, Integer.MAX_VALUE);
    } catch (ReflectiveOperationException e) {
      return none.build();
    }
    return none.build();
  }

  JsonLineParser(Columns columns) {
    this.columns = columns;
  }

  /** Returns the objects of a line; the last says what stands where the next should. */
  List<JsonRow> rows(String line) {
    source = null;
    try (JsonParser parser = JSON.createParser(line)) {
      return rows(parser);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * As {@link #rows(String)}, of so long a line that its text is made once alone.
   *
   * @param line from the first byte on; it must be UTF-8
   */
  List<JsonRow> rows(byte[] line, int length) {
    source = line;
    try (JsonParser parser = BYTES.createParser(line, 0, length)) {
      return rows(parser);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<JsonRow> rows(JsonParser parser) throws IOException {
    List<JsonRow> rows = new ArrayList<>();
    try {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          rows.add(JsonRow.bad("it is not an object"));
          return rows;
        }
        rows.add(row(parser));
      }
    } catch (JsonProcessingException e) {
      boolean isCut = e.getOriginalMessage().startsWith("Unexpected end-of-input");
      rows.add(
          JsonRow.bad(
              isCut
                  ? "it ends inside a JSON object: each must stand on one line"
                  : "it is not JSON: " + e.getOriginalMessage()));
    }
    return rows;
  }

  private JsonRow row(JsonParser parser) throws IOException {
    domain = JsonRow.Field.ABSENT;
    content = JsonRow.Field.ABSENT;
    domainDepth = Integer.MAX_VALUE;
    contentDepth = Integer.MAX_VALUE;
    fields(parser, "", 0);
    return new JsonRow(domain, content, null);
  }

  /** A name with dots is that of a field, or else of one further down. */
  private void fields(JsonParser parser, String prefix, int depth) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + parser.currentName();
      JsonToken token = parser.nextToken();
      boolean isDomain = name.equals(columns.domain()) && depth <= domainDepth;
      boolean isContent = name.equals(columns.content()) && depth <= contentDepth;
      if (isDomain || isContent) {
        JsonRow.Field value = value(parser, token, isContent && columns.tokens());
        domain = isDomain ? value : domain;
        domainDepth = isDomain ? depth : domainDepth;
        content = isContent ? value : content;
        contentDepth = isContent ? depth : contentDepth;
      } else if (token == JsonToken.START_OBJECT && isAbove(name)) {
        fields(parser, name + ".", depth + 1);
      } else {
        parser.skipChildren();
      }
    }
  }

  private boolean isAbove(String name) {
    return columns.domain().startsWith(name + ".") || columns.content().startsWith(name + ".");
  }

  private JsonRow.Field value(JsonParser parser, JsonToken token, boolean numbers)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return JsonRow.Field.NULL;
    }
    if (token == JsonToken.VALUE_STRING) {
      String text = source == null ? null : JsonText.at(source, place(parser));
      return JsonRow.Field.text(text == null ? parser.getText() : text);
    }
    if (token == JsonToken.START_ARRAY && numbers) {
      return numbers(parser);
    }
    parser.skipChildren();
    return JsonRow.Field.other(type(token));
  }

  /** Returns where the quotation mark of a string is among the bytes. */
  private int place(JsonParser parser) {
    long at = parser.currentTokenLocation().getByteOffset();
    if (at < 0 || source[(int) at] != '"') {
      throw new IllegalStateException("no string begins at byte " + at);
    }
    return (int) at;
  }

  /** What is no whole number of 64 bits becomes one that is no token id. */
  private static JsonRow.Field numbers(JsonParser parser) throws IOException {
    long[] numbers = new long[64];
    int count = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      if (token == JsonToken.VALUE_NULL) {
        numbers[count++] = RowReader.NO_NUMBER;
      } else if (token == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        numbers[count++] = parser.getLongValue();
      } else {
        String found = token.isStructStart() ? type(token) : parser.getText();
        skipRest(parser);
        return JsonRow.Field.other("a list with " + found + " at " + count);
      }
    }
    return JsonRow.Field.numbers(Arrays.copyOf(numbers, count));
  }

  private static void skipRest(JsonParser parser) throws IOException {
    parser.skipChildren();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      parser.skipChildren();
    }
  }

  private static String type(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "array";
      case START_OBJECT -> "object";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      default -> token.toString().toLowerCase(Locale.ROOT);
    };
  }

  /** Returns the names of the fields of the first object of a line. */
  static List<String> fieldNames(String line) {
    List<String> names = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        names.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
      return names;
    } catch (IOException e) {
      return names;
    }
  }
}
