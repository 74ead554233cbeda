package org.chameleon.config;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the first bytes of a file say that it is, whatever its name says. */
public final class FirstBytes {
  /** How many are enough. */
  public static final int COUNT = 64;

  private static final Map<String, String> MAGIC =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("1f8b", "gzip"),
              Map.entry("28b52ffd", "zstd"),
              Map.entry("425a68", "bzip2"),
              Map.entry("fd377a585a00", "xz"),
              Map.entry("04224d18", "lz4"),
              Map.entry("504b0304", "a zip archive"),
              Map.entry("50415231", "Parquet"),
              Map.entry("50415245", "encrypted Parquet"),
              Map.entry("4f626a01", "Avro"),
              Map.entry("4f5243", "ORC"),
              Map.entry("4152524f5731", "Arrow"),
              Map.entry("ffffffff", "an Arrow stream"),
              Map.entry("fffe", "UTF-16 text"),
              Map.entry("feff", "UTF-16 text"),
              Map.entry("0000feff", "UTF-32 text"),
              Map.entry("fffe0000", "UTF-32 text"),
              Map.entry(
                  hex("version https://git-lfs"), "a pointer of Git LFS, not the file itself"),
              Map.entry(hex("<!DOCTYPE"), "HTML"),
              Map.entry(hex("<html"), "HTML"),
              Map.entry(hex("<?xml"), "XML")));

  private FirstBytes() {}

  /** Returns what a file with these first bytes is; empty where they say nothing. */
  public static Optional<String> kind(byte[] first) {
    String found = hex(first);
    if (found.matches("(?:[2-7][0-9a-f]00){3}.*") || found.matches("(?:00[2-7][0-9a-f]){3}.*")) {
      return Optional.of("UTF-16 text");
    }
    if (found.matches("[2-7][0-9a-f]000000.*") || found.matches("000000[2-7][0-9a-f].*")) {
      return Optional.of("UTF-32 text");
    }
    // The longest that fits: one may begin as another does.
    return MAGIC.entrySet().stream()
        .filter(magic -> found.startsWith(magic.getKey()))
        .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
        .map(Map.Entry::getValue);
  }

  private static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, COUNT); i++) {
      hex.append("%02x".formatted(bytes[i]));
    }
    return hex.toString();
  }
}
