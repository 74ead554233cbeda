package org.chameleon.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.chameleon.config.InvalidInputException;

/**
 * A TorchScript module of the user's own: {@code forward(ids, mask)} gives hidden states. Loading
 * it runs code that it brings.
 */
public final class TorchModule implements AutoCloseable {
  private static final String CONTRACT =
      "Its forward(ids, mask) must take token ids and a mask of ones and zeros, both int64 (B, T),"
          + " and return hidden states (B, T, D).";

  private final Model model;
  private final String name;
  private final ComputeDevice device;

  private TorchModule(Model model, String name, ComputeDevice device) {
    this.model = model;
    this.name = name;
    this.device = device;
  }

  /**
   * Loads a module for a device.
   *
   * @param file on this machine
   * @param name what messages call it
   * @throws InvalidInputException if it is none
   */
  static TorchModule load(Path file, String name, ComputeDevice device) {
    ModelProgram.engine();
    Model model = Model.newInstance("module", device.djl(), "PyTorch");
    try (InputStream in = Files.newInputStream(file)) {
      ((PtModel) model).load(in, null);
      return new TorchModule(model, name, device);
    } catch (IOException | MalformedModelException | EngineException e) {
      model.close();
      throw new InvalidInputException(
          "Cannot load %s as a TorchScript module: %s. Save it with torch.jit.save."
              .formatted(name, firstLine(e)),
          e);
    }
  }

  /**
   * Returns the hidden states of sequences, {@code (B, T, D)}.
   *
   * @param ids int64 {@code (B, T)}
   * @param mask int64 {@code (B, T)}: 1 where a token is, 0 where there is padding
   * @throws InvalidInputException if it gives something else
   */
  public PtNDArray states(PtNDArray ids, PtNDArray mask, PtNDManager manager) {
    try (IValue idsValue = IValue.from(ids);
        IValue maskValue = IValue.from(mask);
        IValue result = ((PtSymbolBlock) model.getBlock()).forward(idsValue, maskValue)) {
      PtNDArray states = tensor(result).toTensor(manager);
      long[] shape = states.getShape().getShape();
      long[] sizes = ids.getShape().getShape();
      if (shape.length != 3 || shape[0] != sizes[0] || shape[1] != sizes[1]) {
        throw refused("it returned " + Arrays.toString(shape) + " of " + Arrays.toString(sizes));
      }
      return states;
    } catch (EngineException e) {
      if (CudaFailure.isOutOfMemory(e) || CudaFailure.losesDevice(device, e)) {
        throw e;
      }
      throw refused(lastLine(e));
    }
  }

  /** Models of transformers give a tuple or a map, with the states first or by their name. */
  private IValue tensor(IValue result) {
    if (result.isTuple()) {
      return result.toIValueTuple()[0];
    }
    if (result.isMap()) {
      Map<String, IValue> map = result.toIValueMap();
      if (map.containsKey("last_hidden_state")) {
        return map.get("last_hidden_state");
      }
    } else if (result.isTensor()) {
      return result;
    }
    throw refused("it returned something else than a tensor");
  }

  private InvalidInputException refused(String why) {
    return new InvalidInputException(
        "Cannot embed with the module %s: %s. %s".formatted(name, why, CONTRACT));
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  /** The interpreter says last what went wrong, after where. */
  private static String lastLine(Throwable failure) {
    return String.valueOf(failure.getMessage())
        .strip()
        .lines()
        .reduce((first, second) -> second)
        .orElse("");
  }

  @Override
  public void close() {
    model.close();
  }
}
