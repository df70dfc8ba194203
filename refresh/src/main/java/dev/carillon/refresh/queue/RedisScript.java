package dev.carillon.refresh.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A Lua script that Redis runs as one step. It is named by its SHA-1; Redis is sent the text only
 * if it does not know it, as after a restart.
 *
 * @param text the script
 * @param sha its SHA-1, in hexadecimal digits
 */
public record RedisScript(String text, String sha) {

  /** The script that consists of resource files which lie beside a class, one after the other. */
  public static RedisScript beside(Class<?> owner, String... files) {
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      text.append(read(owner, file)).append('\n');
    }
    return new RedisScript(text.toString(), sha1(text.toString()));
  }

  /** Runs it. */
  public Object run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
    try {
      return redis.evalsha(sha, keys, arguments);
    } catch (JedisNoScriptException _) {
      return redis.eval(text, keys, arguments);
    }
  }

  /** Runs it with keys, arguments and an answer that need not be text. */
  Object runBytes(UnifiedJedis redis, List<byte[]> keys, List<byte[]> arguments) {
    try {
      return redis.evalsha(bytes(sha), keys, arguments);
    } catch (JedisNoScriptException _) {
      return redis.eval(bytes(text), keys, arguments);
    }
  }

  /** As Redis has text. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String read(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no " + file + " beside " + owner.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes(text));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
