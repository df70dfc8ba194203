package dev.carillon.server.page;

import dev.carillon.server.http.Validators;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A file that belongs to the page. */
final class PageFile {

  /** How much of the hash names a version, in bytes. */
  private static final int TAG_BYTES = 12;

  private final byte[] bytes;
  private final String mediaType;
  private final String tag;

  private PageFile(byte[] bytes, String mediaType) {
    this.bytes = bytes;
    this.mediaType = mediaType;
    this.tag = Validators.weakTag(version(bytes));
  }

  /**
   * The file of a name.
   *
   * @throws IllegalStateException if there is none
   */
  static PageFile read(String name, String mediaType) {
    try (InputStream in = PageFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + name);
      }
      return new PageFile(in.readAllBytes(), mediaType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return bytes;
  }

  String mediaType() {
    return mediaType;
  }

  String tag() {
    return tag;
  }

  private static String version(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(hash, TAG_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
