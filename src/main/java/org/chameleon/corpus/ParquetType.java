package org.chameleon.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The type of one column, or of a field inside structs.
 *
 * @param named what the name leads to
 * @param column a schema with that alone
 * @param isNull whether it is of the type that has no value but null
 */
record ParquetType(Type named, MessageType column, boolean isNull) {

  /**
   * Returns the column of a name: one of that very name, dots and all, or else a struct's field.
   */
  static Optional<ParquetType> of(ParquetFooter footer, String name) {
    return way(footer.schema(), name)
        .map(
            way -> {
              MessageType column = new MessageType("column", alone(footer.schema(), way));
              Type named = footer.schema().getType(way.toArray(new String[0]));
              boolean isNull = footer.isNull(column.getColumns().get(0).getPath());
              return new ParquetType(named, column, isNull);
            });
  }

  private static Optional<List<String>> way(GroupType group, String name) {
    if (group.containsField(name)) {
      return Optional.of(List.of(name));
    }
    for (Type field : group.getFields()) {
      boolean isStruct = !field.isPrimitive() && !field.isRepetition(Type.Repetition.REPEATED);
      if (isStruct && name.startsWith(field.getName() + ".")) {
        String below = name.substring(field.getName().length() + 1);
        Optional<List<String>> rest = way(field.asGroupType(), below);
        if (rest.isPresent()) {
          List<String> way = new ArrayList<>(List.of(field.getName()));
          way.addAll(rest.get());
          return Optional.of(way);
        }
      }
    }
    return Optional.empty();
  }

  private static Type alone(GroupType group, List<String> way) {
    Type field = group.getType(way.get(0));
    return way.size() == 1
        ? field
        : field.asGroupType().withNewFields(alone(field.asGroupType(), way.subList(1, way.size())));
  }

  /** Returns the names on the way to its first values. */
  String[] path() {
    return column.getColumns().get(0).getPath();
  }

  boolean isString() {
    LogicalTypeAnnotation logical = named.getLogicalTypeAnnotation();
    return named.isPrimitive()
        && !named.isRepetition(Type.Repetition.REPEATED)
        && (isNull
            || (named.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && (logical == null
                    || logical.equals(LogicalTypeAnnotation.stringType())
                    || logical.equals(LogicalTypeAnnotation.enumType())
                    || logical.equals(LogicalTypeAnnotation.jsonType()))));
  }

  boolean isListOfWholeNumbers() {
    List<ColumnDescriptor> leaves = column.getColumns();
    PrimitiveType leaf = leaves.get(0).getPrimitiveType();
    LogicalTypeAnnotation logical = leaf.getLogicalTypeAnnotation();
    boolean whole =
        (leaf.getPrimitiveTypeName() == PrimitiveTypeName.INT32
                || leaf.getPrimitiveTypeName() == PrimitiveTypeName.INT64)
            && (logical == null
                || logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation);
    return leaves.size() == 1 && (isNull || (whole && leaves.get(0).getMaxRepetitionLevel() == 1));
  }
}
