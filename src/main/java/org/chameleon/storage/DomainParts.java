package org.chameleon.storage;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Column;

/**
 * Which file of a table the rows of a domain are in. A domain has files of its own, so that what
 * changes one leaves those of the others as they are; of very many domains, those of one hash share
 * some.
 *
 * <p>A file is called {@code part-HASH-NNNNN.parquet}, by the first digits of the SHA-256 of the
 * domain's name, and by the number of its rows.
 */
public final class DomainParts {
  /** The column that names the domain. */
  static final String DOMAIN = "domain";

  private static final String PART = "part-";
  private static final int MOST_APART = 1000;
  private static final int DIGITS_APART = 16;
  private static final int DIGITS_SHARED = 3;
  private static final int ROWS_PER_FILE = 1 << 16;

  private final SortedSet<String> domains;
  private final int digits;

  /** Creates the files of domains. */
  public DomainParts(Collection<String> domains) {
    this.domains = new TreeSet<>(domains);
    this.digits = domains.size() > MOST_APART ? DIGITS_SHARED : DIGITS_APART;
  }

  /** Returns the name of the file that a row is in. */
  Column fileOf(Column number) {
    return concat(
        lit(PART),
        substring(sha2(col(DOMAIN).cast("binary"), 256), 1, digits),
        format_string("-%05d.parquet", floor(number.divide(ROWS_PER_FILE))));
  }

  private String hash(String domain) {
    return DigestUtils.sha256Hex(domain.getBytes(StandardCharsets.UTF_8)).substring(0, digits);
  }

  /** Returns the files, of those named, that rows of some domains are in. */
  public List<String> filesOf(Collection<String> some, Collection<String> names) {
    Set<String> starts = some.stream().map(this::start).collect(Collectors.toSet());
    return names.stream().filter(name -> starts.contains(start(name, digits))).toList();
  }

  /** Returns the domains whose rows are in files of those named. */
  public SortedSet<String> domainsIn(Collection<String> names) {
    Set<String> starts =
        names.stream().map(name -> start(name, digits)).collect(Collectors.toSet());
    return domains.stream()
        .filter(domain -> starts.contains(start(domain)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String start(String domain) {
    return PART + hash(domain) + "-";
  }

  private static String start(String file, int digits) {
    return file.substring(0, Math.min(file.length(), PART.length() + digits + 1));
  }

  /**
   * Returns the domains whose files stay as they are when others come, go or change.
   *
   * @param after the files then
   * @param kept domains whose rows stay as they are
   */
  public SortedSet<String> untouched(DomainParts after, SortedSet<String> kept) {
    SortedSet<String> untouched = new TreeSet<>();
    if (digits == after.digits) {
      SortedMap<String, SortedSet<String>> then = after.byHash();
      byHash()
          .forEach(
              (hash, sharing) -> {
                if (kept.containsAll(sharing) && sharing.equals(then.get(hash))) {
                  untouched.addAll(sharing);
                }
              });
    }
    return untouched;
  }

  private SortedMap<String, SortedSet<String>> byHash() {
    SortedMap<String, SortedSet<String>> result = new TreeMap<>();
    domains.forEach(
        domain -> result.computeIfAbsent(hash(domain), h -> new TreeSet<>()).add(domain));
    return result;
  }
}
