package dev.carillon.webhook.endpoint;

/** A secret in the database was encrypted with a key that this process does not have. */
public final class UnknownEncryptionKey extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownEncryptionKey(String keyId) {
    super(
        ("ENCRYPTION_KEY differs: the database's secrets were encrypted with the key %s, which"
                + " this process does not have. Set ENCRYPTION_KEY to that key, or to a new key, a"
                + " blank and that key")
            .formatted(keyId));
  }
}
