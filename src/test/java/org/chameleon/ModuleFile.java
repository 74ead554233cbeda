package org.chameleon;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes TorchScript modules, as {@code torch.jit.save} would, with the reference's tokenizer. */
public final class ModuleFile {
  /** States of width 3 that see the tokens before, and nothing of the padding. */
  public static final String HEEDS_MASK =
      """
          x = torch.mul(torch.to(ids, 6, False, False, None), torch.to(mask, 6, False, False, None))
          y = torch.div(torch.cumsum(x, 1), 100.)
          return torch.stack([torch.sin(x), torch.cos(y), torch.mul(x, 0.5)], 2)
      """;

  private ModuleFile() {}

  /**
   * Writes a module and a tokenizer into a folder.
   *
   * @param forward lines of {@code forward(self, ids, mask)}, the last of them returns
   * @return the module's file
   */
  public static Path write(Path folder, String forward) throws IOException {
    String code =
        """
        class Program(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Program, ids: Tensor, mask: Tensor) -> Tensor:
        """
            + forward.indent(0).replaceAll("(?m)^ *", "    ");
    Files.createDirectories(folder);
    Files.copy(Reference.path("gpt2/tokenizer.json"), folder.resolve("tokenizer.json"));
    Path file = folder.resolve("model.pt");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      store(
          zip,
          "m/data.pkl",
          "\u0080\u0002c__torch__\nProgram\n)\u0081}(X\b\0\0\0training\u0089ub.");
      store(zip, "m/code/__torch__.py", code);
      store(zip, "m/constants.pkl", "\u0080\u0002).");
      store(zip, "m/version", "10\n");
    }
    return file;
  }

  private static void store(ZipOutputStream zip, String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
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
}
