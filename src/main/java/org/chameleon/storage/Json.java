package org.chameleon.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON with sorted keys and doubles as {@code Double.toString}: equal values, equal bytes. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(optional(), new OptionalSerializer()))
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** Returns a value as indented text. */
  public static String text(Object value) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    printer.indentObjectsWith(indenter);
    try {
      return MAPPER.writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass() + " as JSON", e);
    }
  }

  /**
   * Returns a section of a configuration as a tree, with the keys of its file: equal to what is
   * read where the tree was written.
   */
  public static JsonNode configuration(Object section) {
    JsonMapper mapper = MAPPER.copy();
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);
    try {
      // A number that was read is an int where it fits, whatever it was before.
      return mapper.readTree(mapper.writeValueAsBytes(section));
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write " + section.getClass() + " as JSON", e);
    }
  }

  /** Returns the value that a tree stands for. */
  public static <T> T convert(JsonNode tree, Class<T> type) {
    return MAPPER.convertValue(tree, type);
  }

  @SuppressWarnings("unchecked") // a class literal has no type argument
  private static Class<Optional<?>> optional() {
    return (Class<Optional<?>>) (Class<?>) Optional.class;
  }

  private static final class OptionalSerializer extends JsonSerializer<Optional<?>> {
    @Override
    public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(value.orElse(null), out);
    }
  }

  /**
   * Reads a value from text.
   *
   * @throws UnreadableJsonException if the text is not JSON of this type
   */
  public static <T> T read(byte[] text, Class<T> type, String where) {
    try {
      T value = MAPPER.readValue(new String(text, StandardCharsets.UTF_8), type);
      if (value == null) {
        throw new IOException("it is null");
      }
      return value;
    } catch (IOException e) {
      throw new UnreadableJsonException(where, e);
    }
  }
}
