package org.chameleon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads a HOCON object into a tree of records. A record component {@code windowTokens} is the key
 * {@code window-tokens}; its type says what may stand there, its {@link Range} which numbers.
 *
 * <p>All problems are collected and reported at once, each with the file and line of its value.
 * Optional components take {@code none} or {@code auto} as "not set".
 */
public final class ConfigReader {
  private static final Object INVALID = new Object();

  private final List<String> problems = new ArrayList<>();

  private ConfigReader() {}

  /**
   * Returns the record of {@code type} that the object at {@code root} describes.
   *
   * @throws ConfigurationException with every unknown key, wrong type and refused value
   */
  public static <T extends Record> T read(Config config, String root, Class<T> type) {
    ConfigReader reader = new ConfigReader();
    reader.refuseUnknown(config.root(), "", List.of(root));
    Object value = reader.record(config.getObject(root), "", type);
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(reader.problems);
    }
    return type.cast(value);
  }

  /** Returns the key of a record component: {@code windowTokens} is {@code window-tokens}. */
  public static String key(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private Object record(ConfigObject object, String path, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(object, path, Arrays.stream(components).map(c -> key(c.getName())).toList());
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = key(components[i].getName());
      ConfigValue value = object.get(key);
      values[i] =
          value == null
              ? missing(components[i], path + key, object.origin())
              : value(value, path + key, components[i].getGenericType());
      checkRange(components[i], path + key, value, values[i]);
    }
    if (Arrays.asList(values).contains(INVALID)) {
      return INVALID;
    }
    return construct(object, path, type, values);
  }

  private Object construct(ConfigObject object, String path, Class<?> type, Object[] values) {
    try {
      Class<?>[] parameters =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      String section = path.isEmpty() ? "" : path.substring(0, path.length() - 1);
      return problem(object.origin(), section, String.valueOf(e.getCause().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot construct " + type, e);
    }
  }

  private Object missing(RecordComponent component, String path, ConfigOrigin origin) {
    if (component.getType() == Optional.class) {
      return Optional.empty();
    }
    if (component.getType() == Map.class) {
      return Map.of();
    }
    return problem(origin, path, "is required and not set");
  }

  private Object value(ConfigValue value, String path, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Optional.class) {
        Object inner = isUnset(value) ? null : value(value, path, last);
        return inner == INVALID ? INVALID : Optional.ofNullable(inner);
      }
      return generic.getRawType() == List.class ? list(value, path, last) : map(value, path, last);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == WordOrLists.class) {
      return wordOrLists(value, path);
    }
    if (raw.isRecord()) {
      return value instanceof ConfigObject object
          ? record(object, path + ".", raw)
          : wrongType(value, path, "a section { … }");
    }
    return scalar(value, path, raw);
  }

  private static boolean isUnset(ConfigValue value) {
    Object raw = value.unwrapped();
    return raw == null || "none".equals(raw) || "auto".equals(raw);
  }

  private Object list(ConfigValue value, String path, Type element) {
    Collection<ConfigValue> items =
        value instanceof ConfigList list ? list : isUnset(value) ? List.of() : List.of(value);
    List<Object> result = items.stream().map(item -> value(item, path, element)).toList();
    return result.contains(INVALID) ? INVALID : result;
  }

  private Object wordOrLists(ConfigValue value, String path) {
    if (value instanceof ConfigObject) {
      Object lists =
          value(value, path, WordOrLists.class.getRecordComponents()[1].getGenericType());
      @SuppressWarnings("unchecked") // the component's own type
      Map<String, List<String>> read = lists == INVALID ? null : (Map<String, List<String>>) lists;
      return read == null ? INVALID : new WordOrLists("", read);
    }
    Object word = scalar(value, path, String.class);
    return word == INVALID ? INVALID : WordOrLists.of((String) word);
  }

  private Object map(ConfigValue value, String path, Type element) {
    if (isUnset(value)) {
      return Map.of();
    }
    if (!(value instanceof ConfigObject object)) {
      return wrongType(value, path, "a section { name = value, … }");
    }
    Map<String, Object> result = new TreeMap<>();
    object.forEach((key, item) -> result.put(key, value(item, path + "." + key, element)));
    return result.containsValue(INVALID) ? INVALID : result;
  }

  private Object scalar(ConfigValue value, String path, Class<?> type) {
    Object raw = value.unwrapped();
    if (type == String.class) {
      boolean plain = !(value instanceof ConfigObject) && !(value instanceof ConfigList);
      // A number as it is written: 1.0 is another layer than 1.
      return plain && raw != null
          ? raw instanceof Number ? value.atKey("it").getString("it") : raw.toString()
          : wrongType(value, path, "a string");
    }
    if (type == boolean.class || type == Boolean.class) {
      return raw instanceof Boolean ? raw : wrongType(value, path, "true or false");
    }
    if (type.isEnum()) {
      return constant(value, path, type);
    }
    return number(value, path, type);
  }

  private Object number(ConfigValue value, String path, Class<?> type) {
    boolean whole = type != double.class && type != Double.class;
    String expected = whole ? "a whole number" : "a number";
    double number;
    try {
      number = Double.parseDouble(String.valueOf(value.unwrapped()));
    } catch (NumberFormatException e) {
      return wrongType(value, path, expected);
    }
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return wrongType(value, path, expected);
    }
    if (!whole) {
      return number;
    }
    if (number != Math.rint(number) || Math.abs(number) > 9.0e15) {
      return wrongType(value, path, expected);
    }
    if (type == int.class || type == Integer.class) {
      return Math.abs(number) <= Integer.MAX_VALUE
          ? (Object) (int) number
          : wrongType(value, path, "a whole number below 2147483648");
    }
    return (long) number;
  }

  private Object constant(ConfigValue value, String path, Class<?> type) {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(constant.toString(), constant);
    }
    Object found = constants.get(String.valueOf(value.unwrapped()));
    return found != null ? found : wrongType(value, path, String.join(" or ", constants.keySet()));
  }

  private void checkRange(RecordComponent component, String path, ConfigValue at, Object value) {
    Range range = component.getAnnotation(Range.class);
    Object inner = value instanceof Optional<?> optional ? optional.orElse(null) : value;
    Collection<?> numbers = inner instanceof Map<?, ?> map ? map.values() : List.of();
    if (inner instanceof Number) {
      numbers = List.of(inner);
    }
    for (Object number : range == null ? List.of() : numbers) {
      double x = ((Number) number).doubleValue();
      if (x < range.min() || x > range.max() || (range.aboveMin() && x == range.min())) {
        problem(at.origin(), path, "must be " + words(range) + ", is " + at.unwrapped());
      }
    }
  }

  private static String words(Range range) {
    String low =
        range.aboveMin() ? "above " + plain(range.min()) : "at least " + plain(range.min());
    if (range.max() == Double.POSITIVE_INFINITY) {
      return low;
    }
    String high = "at most " + plain(range.max());
    return range.min() == Double.NEGATIVE_INFINITY ? high : low + " and " + high;
  }

  private static String plain(double x) {
    return x == Math.rint(x) ? Long.toString((long) x) : Double.toString(x);
  }

  private Object wrongType(ConfigValue value, String path, String expected) {
    String found =
        value.valueType() == ConfigValueType.OBJECT ? "a section" : "'" + value.unwrapped() + "'";
    return problem(value.origin(), path, "must be " + expected + ", is " + found);
  }

  private Object problem(ConfigOrigin origin, String path, String message) {
    problems.add((place(origin) + ": " + path + " " + message).strip());
    return INVALID;
  }

  private static String place(ConfigOrigin origin) {
    String file = origin.filename() != null ? origin.filename() : origin.description();
    if (origin.filename() == null) {
      return file;
    }
    return origin.lineNumber() > 0 ? file + ":" + origin.lineNumber() : file;
  }

  private void refuseUnknown(ConfigObject object, String path, List<String> known) {
    object.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problem(value.origin(), path + key, "is not a known key." + suggestion(key, known));
          }
        });
  }

  private static String suggestion(String key, List<String> known) {
    String nearest =
        known.stream()
            .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
            .orElse(key);
    if (distance(key, nearest) <= Math.max(2, key.length() / 3)) {
      return " Did you mean '" + nearest + "'?";
    }
    return " Known here: " + known.stream().sorted().collect(Collectors.joining(", ")) + ".";
  }

  /**
   * Levenshtein distance: insertions, deletions and replacements that turn one word into another.
   */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
