package org.chameleon.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model family's computation, written in TorchScript and kept as a readable resource, beside the
 * pieces that families share and the products that suit the device. PyTorch loads them from an
 * archive that holds only code; weights are handed in by the caller, by name.
 */
public final class ModelProgram implements AutoCloseable {
  /** Pickle of a {@code __torch__.Program} with {@code training = False} and {@code w = {}}. */
  private static final String STATE =
      "\u0080\u0002c__torch__\nProgram\n)\u0081}(X\b\0\0\0training\u0089X\u0001\0\0\0w}ub.";

  private static final Logger LOG = LoggerFactory.getLogger(ModelProgram.class);

  /** Products that any device computes, and that can be derived. */
  private static final String DERIVABLE = "products";

  /** Products of processors, without derivatives. */
  private static final String ONEDNN = "onednn";

  /** Queries of a piece of attention where it is cut. */
  private static final int ATTENTION_CHUNK = 128;

  /** Tokens up to which attention in pieces is not slower in float32. */
  private static final int SHORT = 512;

  private final Model model;
  private final ModelFamily family;
  private final ComputeDevice device;

  private ModelProgram(Model model, ModelFamily family, ComputeDevice device) {
    this.model = model;
    this.family = family;
    this.device = device;
  }

  /** Loads a family's program for a device, to train with. */
  public static ModelProgram load(ModelFamily family, ComputeDevice device) {
    return load(family, DERIVABLE, device);
  }

  /**
   * Loads a family's program for a device, to compute embeddings with.
   *
   * @param precision number format of the products on the device
   */
  public static ModelProgram loadToEmbed(
      ModelFamily family, Precision precision, ComputeDevice device) {
    if (device.isGpu() || !precision.isFastByOneDnn()) {
      return load(family, DERIVABLE, device);
    }
    try {
      return load(family, ONEDNN, device);
    } catch (EngineException e) {
      LOG.info("model: this PyTorch has no products by oneDNN: {}", e.getMessage());
      return load(family, DERIVABLE, device);
    }
  }

  /**
   * Returns how many pieces causal attention of a sequence is best cut into, 0: the fused kernel.
   *
   * @param length of the sequence in tokens
   * @param precision number format of the products on the device
   */
  public static int attentionChunks(int length, Precision precision, ComputeDevice device) {
    boolean cut = precision == Precision.BFLOAT16 || (length > ATTENTION_CHUNK && length <= SHORT);
    return cut && !device.isGpu() ? (length + ATTENTION_CHUNK - 1) / ATTENTION_CHUNK : 0;
  }

  private static ModelProgram load(ModelFamily family, String products, ComputeDevice device) {
    engine();
    Model model = Model.newInstance(family.program(), device.djl(), "PyTorch");
    try {
      ((PtModel) model)
          .load(
              new ByteArrayInputStream(
                  archive(source(family.program()), source("shared"), source(products))),
              null);
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new IllegalStateException("Cannot load the program of " + family.modelType(), e);
    } catch (EngineException e) {
      model.close();
      throw e;
    }
    return new ModelProgram(model, family, device);
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
              IValue order = IValue.from(order(weight));
              IValue like = IValue.from((PtNDArray) manager.create(0f));
              IValue lost =
                  IValueUtils.runMethod(
                      block(), "load", name, part, size, at, dtype, order, like)) {
            if (lost.toLong() > 0) {
              tensor.requireFinite(bytes, first);
              throw tensor.tooLargeFor(kept);
            }
          }
        });
  }

  /** Of no matrix 0, of one stored (out, in) 1, of one stored (in, out) 2. */
  private long order(ModelWeight weight) {
    long stored = family.storesInOut() ? 2 : 1;
    return weight.role().isMatrix() ? stored : 0;
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

  private static byte[] archive(String program, String shared, String products) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/data.pkl", STATE.getBytes(StandardCharsets.ISO_8859_1));
      store(zip, "m/code/__torch__.py", program.getBytes(StandardCharsets.UTF_8));
      store(zip, "m/code/__torch__/shared.py", shared.getBytes(StandardCharsets.UTF_8));
      store(zip, "m/code/__torch__/products.py", products.getBytes(StandardCharsets.UTF_8));
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
