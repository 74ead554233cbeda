package org.chameleon.materialize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import org.apache.spark.sql.Row;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.HashedFile;

/** A shard of JSON lines. */
final class JsonLinesShardWriter implements ShardWriter {
  private static final int BUFFER = 1 << 20;

  private final ShardSettings settings;
  private final boolean ids;
  private final HashedFile file;
  private final JsonGenerator json;
  private long rows;

  JsonLinesShardWriter(HashedFile file, ShardSettings settings, boolean ids) throws IOException {
    this.file = file;
    this.settings = settings;
    this.ids = ids;
    this.json =
        new JsonFactory()
            .createGenerator(new BufferedOutputStream(file, BUFFER))
            .setRootValueSeparator(null);
  }

  @Override
  public void write(Row row) throws IOException {
    json.writeStartObject();
    json.writeStringField(settings.domainColumn(), MixedRow.domain(row));
    json.writeFieldName(settings.contentColumn());
    if (ids) {
      json.writeStartArray();
      for (int id : MixedRow.ids(row)) {
        json.writeNumber(id);
      }
      json.writeEndArray();
    } else {
      json.writeString(MixedRow.text(row));
    }
    json.writeStringField(ShardSettings.FILE, MixedRow.file(row));
    json.writeNumberField(ShardSettings.ROW, MixedRow.row(row));
    json.writeEndObject();
    json.writeRaw('\n');
    rows++;
  }

  @Override
  public void close() throws IOException {
    json.close();
  }

  @Override
  public FileRecord record() {
    return file.record(rows);
  }
}
