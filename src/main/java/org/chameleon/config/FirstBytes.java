package org.chameleon.config;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the first bytes of a file say that it is, whatever its name says. */
public final class FirstBytes {
  /** How many are enough. */
  public static final int COUNT = 64;

  /** What stands in a repository in place of a large file. */
  public static final String GIT_LFS = "a Git LFS pointer, not the file itself";

  /** A web page, perhaps that of an error. */
  public static final String MARKUP = "HTML or XML";

  /** Text of two bytes a character. */
  public static final String UTF_16 = "UTF-16 text";

  /** Compressed with gzip. */
  public static final String GZIP = "gzip";

  /** An archive, as newer versions of {@code torch.save} write too. */
  public static final String ZIP = "a zip archive";

  /** Pickled tensors. */
  public static final String TORCH_SAVE = "a file of torch.save";

  private static final Map<String, String> MAGIC =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("1f8b", GZIP),
              Map.entry("28b52ffd", "zstd"),
              Map.entry("425a68", "bzip2"),
              Map.entry("fd377a585a00", "xz"),
              Map.entry("04224d18", "lz4"),
              Map.entry("504b0304", ZIP),
              Map.entry("50415231", "Parquet"),
              Map.entry("50415245", "encrypted Parquet"),
              Map.entry("4f626a01", "Avro"),
              Map.entry("4f5243", "ORC"),
              Map.entry("4152524f5731", "Arrow"),
              Map.entry("fffe", UTF_16),
              Map.entry("feff", UTF_16),
              Map.entry("0000feff", "UTF-32 text"),
              Map.entry("fffe0000", "UTF-32 text"),
              Map.entry(hex("version https://git-lfs"), GIT_LFS),
              Map.entry("80028a0a", TORCH_SAVE)));

  private static final Pattern MARKUP_TEXT =
      Pattern.compile("(?is)\\s*<(!doctype|html|\\?xml)\\b.*");

  private FirstBytes() {}

  /** Returns what a file with these first bytes is; empty where they say nothing. */
  public static Optional<String> kind(byte[] first) {
    String found = hex(first);
    if (found.matches("(?:[2-7][0-9a-f]00){3}.*") || found.matches("(?:00[2-7][0-9a-f]){3}.*")) {
      return Optional.of(UTF_16);
    }
    if (found.matches("[2-7][0-9a-f]000000.*") || found.matches("000000[2-7][0-9a-f].*")) {
      return Optional.of("UTF-32 text");
    }
    if (MARKUP_TEXT.matcher(new String(first, StandardCharsets.ISO_8859_1)).matches()) {
      return Optional.of(MARKUP);
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
