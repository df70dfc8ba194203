package dev.carillon.server.settings;

import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.sign.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A secret that is made when it is first needed and kept in a file that only its owner can read, so
 * that local commands and the server agree on it.
 */
public final class SecretFile {

  private static final int BYTES = 32;
  private static final String JWT_FILE = "jwt-secret";
  private static final String WEBHOOK_FILE = "webhook-secret";
  private static final String ENCRYPTION_FILE = "encryption-key";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private SecretFile() {}

  /** The key of HS256 tokens in a data folder. */
  public static String jwt(Path data) {
    return readOrMake(data.resolve(JWT_FILE), SecretFile::random);
  }

  /** The signing secret of webhooks in a data folder. */
  public static String webhook(Path data) {
    return readOrMake(data.resolve(WEBHOOK_FILE), () -> SigningKey.generate().secret());
  }

  /** The key that encrypts the database's secrets, in a data folder. */
  public static String encryption(Path data) {
    return readOrMake(data.resolve(ENCRYPTION_FILE), () -> EncryptionKey.generate().text());
  }

  private static String readOrMake(Path file, Supplier<String> secret) {
    try {
      if (!Files.exists(file)) {
        make(file, secret.get());
      }
      String text = Files.readString(file).strip();
      if (text.length() < BYTES) {
        throw new IllegalStateException(file + " holds no secret: delete it to get a new one");
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep a secret in " + file, e);
    }
  }

  private static void make(Path file, String secret) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "secret", "", ownerOnly());
    try {
      Files.writeString(draft, secret + "\n", StandardOpenOption.TRUNCATE_EXISTING);
      // Linked, not moved: of two processes that start at once, the first one's secret stays.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // The other process was first: its secret is read.
    } finally {
      Files.delete(draft);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
