package org.chameleon.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes such as {@code 256MB}, {@code 1.5GB} or {@code 64MiB}. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGT]?I?B?)");
  private static final Map<Character, Integer> POWERS = Map.of('K', 1, 'M', 2, 'G', 3, 'T', 4);

  @Override
  public Long convert(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is not a size such as 256MB");
    }
    String unit = matcher.group(2);
    int power = unit.isEmpty() ? 0 : POWERS.getOrDefault(unit.charAt(0), 0);
    double base = unit.contains("I") ? 1024 : 1000;
    long bytes = Math.round(Double.parseDouble(matcher.group(1)) * Math.pow(base, power));
    if (bytes < 1) {
      throw new TypeConversionException("'" + text + "' is less than a byte");
    }
    return bytes;
  }
}
