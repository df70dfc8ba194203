package dev.carillon.webhook.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * How the TLS of each endpoint begins: TLS 1.2 or later, the host's name verified. What was used
 * last is kept, so that sessions are resumed. Safe for use by many threads.
 */
final class TlsContexts {

  /** The most endpoints with keys or trust of their own whose contexts are kept. */
  static final int MAX_KEPT = 256;

  private static final char[] NO_PASSWORD = {};

  private final ReentrantLock lock = new ReentrantLock();
  private final TlsSocketStrategy platform = strategy(SSLContexts.createDefault());
  private final LinkedHashMap<ClientTls, TlsSocketStrategy> kept =
      new LinkedHashMap<>(16, 0.75f, true);

  /** The strategy for an endpoint; null stands for the keys and trust of the platform. */
  TlsSocketStrategy of(@Nullable ClientTls tls) {
    if (tls == null) {
      return platform;
    }
    lock.lock();
    try {
      TlsSocketStrategy strategy = kept.computeIfAbsent(tls, t -> strategy(context(t)));
      if (kept.size() > MAX_KEPT) {
        kept.pollFirstEntry();
      }
      return strategy;
    } finally {
      lock.unlock();
    }
  }

  private static TlsSocketStrategy strategy(SSLContext context) {
    return new DefaultClientTlsStrategy(context, HostnameVerificationPolicy.BUILTIN, null);
  }

  private static SSLContext context(ClientTls tls) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(tls), trust(tls), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      // ClientTls has checked all that can be wrong with it.
      throw new IllegalStateException(e);
    }
  }

  private static KeyManager @Nullable [] keys(ClientTls tls)
      throws GeneralSecurityException, IOException {
    PrivateKey key = tls.key();
    if (key == null) {
      return null;
    }
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key, NO_PASSWORD, tls.chain().toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trust(ClientTls tls)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> authorities = tls.authorities();
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca-" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
