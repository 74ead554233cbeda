package org.chameleon.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.chameleon.model.family.ModelFamily;
import org.chameleon.model.family.ModelWeight;

/**
 * A model family's computation, written in TorchScript and kept as a readable resource, beside the
 * pieces that families share. PyTorch loads both from an archive that holds only code; weights are
 * handed in by the caller, by name.
 */
public final class ModelProgram implements AutoCloseable {
  /** Pickle of a {@code __torch__.Program} with {@code training = False} and {@code w = {}}. */
  private static final String STATE =
      "\u0080\u0002c__torch__\nProgram\n)\u0081}(X\b\0\0\0training\u0089X\u0001\0\0\0w}ub.";

  private final Model model;
  private final ComputeDevice device;

  private ModelProgram(Model model, ComputeDevice device) {
    this.model = model;
    this.device = device;
  }

  /** Loads a family's program for a device. */
  public static ModelProgram load(ModelFamily family, ComputeDevice device) {
    engine();
    Model model = Model.newInstance(family.program(), device.djl(), "PyTorch");
    try {
      ((PtModel) model)
          .load(
              new ByteArrayInputStream(archive(source(family.program()), source("shared"))), null);
    } catch (IOException | MalformedModelException e) {
      throw new IllegalStateException("Cannot load the program of " + family.modelType(), e);
    }
    return new ModelProgram(model, device);
  }

  /**
   * Returns the PyTorch engine, told to fetch nothing and to call nobody.
   *
   * @throws org.chameleon.config.InvalidInputException if its library cannot be loaded
   */
  public static Engine engine() {
    return NativeCode.pytorch();
  }

  /** Sets the number of threads that the calling task computes with. */
  public static void useThreads(int threads) {
    engine();
    JniUtils.setNumThreads(threads);
  }

  /** Returns the loaded program in DJL's terms. */
  public PtSymbolBlock block() {
    return (PtSymbolBlock) model.getBlock();
  }

  /** Returns a new manager of arrays on the device; the caller closes it. */
  public NDManager manager() {
    return engine().newBaseManager(device.djl());
  }

  /** Returns constants as a program takes them; they lie in the processor's memory. */
  public static Map<String, PtNDArray> constants(
      Map<String, List<Double>> values, NDManager manager) {
    NDManager processor = manager.newSubManager(Device.cpu());
    Map<String, PtNDArray> arrays = new LinkedHashMap<>();
    values.forEach(
        (name, numbers) ->
            arrays.put(
                name,
                (PtNDArray)
                    processor.create(numbers.stream().mapToDouble(Double::doubleValue).toArray())));
    return arrays;
  }

  /**
   * Copies a weight to the device, part by part as it lies in its file, and keeps it for the
   * program's {@code embed}. Norms and embeddings are kept as float32.
   *
   * @param precision number format of what is multiplied
   * @throws org.chameleon.config.InvalidInputException if a value is not finite
   */
  public void keep(ModelWeight weight, StoredTensor tensor, Precision precision) {
    Precision kept = weight.role().isMultiplied() ? precision : Precision.FLOAT32;
    long[] sizes = weight.sizes().stream().mapToLong(Long::longValue).toArray();
    tensor.parts(
        (bytes, first) -> {
          try (NDManager manager = manager();
              NDManager processor = engine().newBaseManager(Device.cpu());
              IValue name = IValue.from(weight.name());
              IValue part = IValue.from(array(processor, bytes, tensor.type()));
              IValue size = IValue.listFrom(sizes);
              IValue at = IValue.from(first);
              IValue dtype = IValue.from((long) kept.scalarType());
              IValue like = IValue.from((PtNDArray) manager.create(0f));
              IValue lost =
                  IValueUtils.runMethod(block(), "load", name, part, size, at, dtype, like)) {
            if (lost.toLong() > 0) {
              tensor.requireFinite(bytes, first);
              throw tensor.tooLargeFor(kept);
            }
          }
        });
  }

  private static PtNDArray array(NDManager processor, ByteBuffer bytes, DataType type) {
    Shape shape = new Shape(bytes.remaining() / type.getNumOfBytes());
    return (PtNDArray) processor.create(bytes, shape, type);
  }

  private static String source(String name) throws IOException {
    try (InputStream in = ModelProgram.class.getResourceAsStream(name + ".torchscript")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] archive(String program, String shared) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/data.pkl", STATE.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "m/code/__torch__.py", program.getBytes(StandardCharsets.UTF_8));
      store(zip, "m/code/__torch__/shared.py", shared.getBytes(StandardCharsets.UTF_8));
      store(zip, "m/constants.pkl", "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "m/version", "10\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  @Override
  public void close() {
    model.close();
  }
}
