package dev.carillon.webhook.http;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority of a test. */
public final class Authority {

  /** A certificate and its key. */
  public record Identity(X509Certificate certificate, PrivateKey key) {

    public String certificatePem() {
      try {
        return pem("CERTIFICATE", certificate.getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }
  }

  private static final char[] NO_PASSWORD = {};
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final X500Principal NAME = new X500Principal("CN=Test authority");

  private final Instant now = InstantSource.system().instant();
  private final KeyPair keys = keyPair("EC");
  private final Identity own = issue(NAME, keys, null, now.plus(1, ChronoUnit.DAYS));

  public String pem() {
    return own.certificatePem();
  }

  /** For a receiver with this host name or IP address. */
  public Identity server(String host) {
    return issue(new X500Principal("CN=receiver"), keyPair("EC"), host, tomorrow());
  }

  Identity expiredServer(String host) {
    return issue(new X500Principal("CN=receiver"), keyPair("EC"), host, yesterday());
  }

  /** For a client, with a key of RSA, EC or Ed25519. */
  public Identity client(String name, String algorithm) {
    return issue(new X500Principal("CN=" + name), keyPair(algorithm), null, tomorrow());
  }

  Identity expiredClient(String name) {
    return issue(new X500Principal("CN=" + name), keyPair("EC"), null, yesterday());
  }

  /** What a receiver needs to be this and to trust this authority's clients. */
  public SSLContext context(Identity server) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry(
          "server", server.key(), NO_PASSWORD, new Certificate[] {server.certificate()});
      store.setCertificateEntry("ca", own.certificate());
      KeyManagerFactory key = KeyManagerFactory.getInstance("PKIX");
      key.init(store, NO_PASSWORD);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair keyPair(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String label, byte[] encoded) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
  }

  private Identity issue(
      X500Principal subject, KeyPair subjectKeys, @Nullable String host, Instant until) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              NAME,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.minus(30, ChronoUnit.DAYS)),
              Date.from(until),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(subject.equals(NAME)));
      if (host != null) {
        int kind = Character.isDigit(host.charAt(0)) ? GeneralName.iPAddress : GeneralName.dNSName;
        builder.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, host)));
      }
      return new Identity(
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))),
          subjectKeys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Instant tomorrow() {
    return now.plus(1, ChronoUnit.DAYS);
  }

  private Instant yesterday() {
    return now.minus(1, ChronoUnit.DAYS);
  }
}
