package org.chameleon.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;

/**
 * The rows of a file of JSON lines, plain, gzip or zstd. A row is a line that is not blank; lines
 * are read forwards and parsed only where a row is asked for.
 */
final class JsonLinesReader implements RowReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BUFFER = 1 << 20;

  private final CorpusFile file;
  private final String shownPath;
  private final Columns columns;
  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long current = -1;
  private JsonNode parsed;

  JsonLinesReader(CorpusFile file, Columns columns, Configuration hadoop) {
    this.file = file;
    this.shownPath = file.shownPath();
    this.columns = columns;
    try {
      Path path = new Path(file.path());
      this.in = new BufferedInputStream(inflate(path.getFileSystem(hadoop).open(path)), BUFFER);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private InputStream inflate(InputStream raw) throws IOException {
    if (file.path().endsWith(".gz")) {
      return new GZIPInputStream(raw, BUFFER);
    }
    return file.path().endsWith(".zst") ? new ZstdInputStream(raw).setContinuous(false) : raw;
  }

  @Override
  public List<CorpusSplit> splits() {
    Map<String, Long> domainRows = new TreeMap<>();
    long row = 0;
    for (; has(row); row++) {
      if (row == 0 && field(columns.content()) == null) {
        List<String> found = new ArrayList<>();
        parsed(row).fieldNames().forEachRemaining(found::add);
        throw file.missingColumn(columns.content(), found);
      }
      domainRows.merge(file.mixed() ? domain(row) : file.domain(), 1L, Long::sum);
    }
    return row == 0 ? List.of() : List.of(new CorpusSplit(file, 0, row, domainRows));
  }

  @Override
  public boolean has(long row) {
    try {
      while (current < row) {
        if (!nextLine()) {
          return false;
        }
        current++;
      }
      return true;
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private boolean nextLine() throws IOException {
    parsed = null;
    line.reset();
    boolean blank = true;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        if (!blank) {
          return true;
        }
        line.reset();
      } else {
        line.write(b);
        blank &= b == ' ' || b == '\r' || b == '\t';
      }
    }
    return !blank;
  }

  private JsonNode parsed(long row) {
    if (parsed == null) {
      String text = RowReader.decode(ByteBuffer.wrap(line.toByteArray()));
      try {
        parsed = text == null ? JSON.nullNode() : JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new InvalidInputException(
            "Cannot read row %d of %s: it is not JSON (%s). Every line must be one JSON object."
                .formatted(row, file.path(), e.getOriginalMessage()),
            e);
      }
      if (text != null && !(parsed instanceof ObjectNode)) {
        throw new InvalidInputException(
            "Cannot read row %d of %s: it is not an object. Every line must be one JSON object."
                .formatted(row, file.path()));
      }
    }
    return parsed;
  }

  private JsonNode field(String name) {
    return parsed(current).isNull() ? JSON.nullNode() : parsed(current).get(name);
  }

  @Override
  public String domain(long row) {
    has(row);
    JsonNode value = field(columns.domain());
    if (value == null && row == 0) {
      throw file.missingColumn(columns.domain(), "other fields");
    }
    if (value != null && !value.isNull() && !value.isTextual()) {
      throw wrongType(columns.domain(), "a string", value);
    }
    return RowReader.named(
        file, columns, row, value == null || value.isNull() ? null : value.textValue());
  }

  @Override
  public Optional<Document> document(String domain, long ordinal, long row) {
    has(row);
    if (parsed(row).isNull()) {
      return RowReader.bad(file, columns, row, "not valid UTF-8");
    }
    JsonNode value = field(columns.content());
    if (value == null || value.isNull() || (value.isArray() && value.isEmpty())) {
      return RowReader.bad(file, columns, row, value == null || value.isNull() ? "null" : "empty");
    }
    if (columns.tokens() ? !value.isArray() : !value.isTextual()) {
      throw wrongType(
          columns.content(), columns.tokens() ? "a list of whole numbers" : "a string", value);
    }
    if (columns.tokens()) {
      return tokens(domain, ordinal, row, value);
    }
    return value.textValue().isEmpty()
        ? RowReader.bad(file, columns, row, "empty")
        : Optional.of(new Document(domain, ordinal, shownPath, row, value.textValue(), null));
  }

  private Optional<Document> tokens(String domain, long ordinal, long row, JsonNode value) {
    int[] ids = new int[value.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!value.get(i).canConvertToInt()
          || !value.get(i).isIntegralNumber()
          || value.get(i).intValue() < 0) {
        return RowReader.bad(file, columns, row, "not a token id at " + i + ": " + value.get(i));
      }
      ids[i] = value.get(i).intValue();
    }
    return Optional.of(new Document(domain, ordinal, shownPath, row, null, ids));
  }

  private InvalidInputException wrongType(String name, String expected, JsonNode found) {
    return new InvalidInputException(
        "Cannot read row %d of %s: column '%s' must be %s, is %s. Name another column, or convert it."
            .formatted(
                current,
                file.path(),
                name,
                expected,
                found.getNodeType().toString().toLowerCase(java.util.Locale.ROOT)));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
