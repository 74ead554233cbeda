package org.chameleon.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The JSON of a safetensors header, handed out tensor by tensor: a header may be as long as 100 MB,
 * and a tree of it would take many times that.
 */
final class HeaderJson {
  /** More tensors than any file has. */
  private static final int MOST_TENSORS = 200_000;

  /** Characters that describe one tensor; also of a value in the metadata that names a tensor. */
  private static final int MOST_CHARACTERS = 10_000;

  /** Names are kept as they come: a table of them could be made slow by choosing them. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build());

  private final String text;
  private final BiConsumer<String, JsonNode> tensors;
  private final Map<String, String> metadata = new TreeMap<>();
  private int names;

  private HeaderJson(String text, BiConsumer<String, JsonNode> tensors) {
    this.text = text;
    this.tensors = tensors;
  }

  /** What is wrong with a header. */
  static final class Unsound extends IOException {
    private static final long serialVersionUID = 1L;

    Unsound(String why) {
      super(why);
    }
  }

  /**
   * Reads a header.
   *
   * @param tensors takes name and description of each tensor
   * @return the texts in its metadata
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON
   * @throws Unsound if it is no object, or larger than any
   */
  static Map<String, String> read(String text, BiConsumer<String, JsonNode> tensors)
      throws IOException {
    HeaderJson header = new HeaderJson(text, tensors);
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Unsound("its header is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        header.field(parser);
      }
      if (parser.nextToken() != null) {
        throw new Unsound("something follows the JSON object in its header");
      }
    }
    return header.metadata;
  }

  private void field(JsonParser parser) throws IOException {
    String name = parser.currentName();
    JsonToken value = parser.nextToken();
    if (name.equals("__metadata__")) {
      if (value == JsonToken.START_OBJECT) {
        readMetadata(parser);
      } else {
        parser.skipChildren();
      }
    } else {
      count();
      tensors.accept(name, description(name, parser));
    }
  }

  private void count() throws Unsound {
    if (++names > MOST_TENSORS) {
      throw new Unsound("its header names more than %d tensors".formatted(MOST_TENSORS));
    }
  }

  private JsonNode description(String name, JsonParser parser) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getCharOffset();
    if (!parser.currentToken().isStructEnd()) {
      return JSON.getNodeFactory().missingNode();
    }
    if (end - start > MOST_CHARACTERS) {
      throw new Unsound(
          "tensor '%s' is described by %d characters, more than any is"
              .formatted(SafetensorsHeader.shown(name), end - start));
    }
    return JSON.readTree(text.substring(start, end));
  }

  private void readMetadata(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_STRING
          && parser.getTextLength() < MOST_CHARACTERS) {
        count();
        metadata.put(name, parser.getText());
      }
      parser.skipChildren();
    }
  }
}
