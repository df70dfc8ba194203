package dev.carillon.webhook.address;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ports on which something other than webhooks is listened for: those that browsers refuse (the
 * "bad ports" of the WHATWG Fetch standard, section 2.9) and those of databases, caches and the
 * machinery of clusters. A signed request sent there is at best noise and at worst a command.
 */
public final class ServicePorts {

  /** The highest port there is. */
  public static final int MAX_PORT = 65_535;

  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int FIRST_REGISTERED = 1024;

  // Ports below 1024 are refused anyway, but people understand a name better.
  private static final String TABLE =
      """
      20 21 989 990            FTP
      22                       SSH
      23 992                   Telnet
      25 465 587 2525          SMTP
      53 853                   DNS
      69                       TFTP
      88 464                   Kerberos
      109 110 995              POP
      111                      the portmapper
      119 563                  NNTP
      123                      NTP
      135 593                  DCE/RPC
      137 138 139 445          SMB
      143 993                  IMAP
      161 162                  SNMP
      179                      BGP
      389 636 3268 3269        LDAP
      513 514                  remote login and syslog
      515 631 9100             printing
      548                      AFP
      554                      RTSP
      873                      rsync
      1080                     SOCKS
      1099                     Java RMI
      1433 1434                SQL Server
      1521 1522 2483 2484      Oracle Database
      1719 1720                H.323
      1723                     PPTP
      1883 8883                MQTT
      2049 4045                NFS
      2181 2888 3888           ZooKeeper
      2375 2376 2377           Docker
      2379 2380                etcd
      3128                     a forward proxy
      3306 33060               MySQL
      3389                     RDP
      3659                     Apple SASL
      4190                     ManageSieve
      4222 6222                NATS
      4369 25672               Erlang
      4646                     Nomad
      5060 5061                SIP
      5432 5433 6432           PostgreSQL
      5671 5672                AMQP
      5900 5901 5902 5903      VNC
      5984                     CouchDB
      5985 5986                WinRM
      6000 6001 6002 6003      X11
      6379 6380 16379 26379    Redis
      6443                     the Kubernetes API
      6566                     SANE
      6660 6661 6662 6663      IRC
      6664 6665 6666 6667      IRC
      6668 6669 6679 6697      IRC
      7474 7687                Neo4j
      9042 9160                Cassandra
      8200                     Vault
      8300 8301 8302 8500      Consul
      9092                     Kafka
      9200 9300                Elasticsearch
      10050 10051              Zabbix
      10080                    Amanda
      10250 10255 10256        the kubelet
      11211                    memcached
      27017 27018 27019 28017  MongoDB
      """;

  private static final Map<Integer, String> SERVICES = services();

  private ServicePorts() {}

  /** Why no endpoint may have the port; null if it may. */
  static @Nullable String objection(int port) {
    if (port == HTTP || port == HTTPS) {
      return null;
    }
    String service = SERVICES.get(port);
    if (service != null) {
      return "port %d is for %s".formatted(port, service);
    }
    return port < FIRST_REGISTERED
        ? "port %d: below %d only %d and %d are allowed"
            .formatted(port, FIRST_REGISTERED, HTTP, HTTPS)
        : null;
  }

  /** What each refused port is for. */
  public static Map<Integer, String> services() {
    Map<Integer, String> services = new HashMap<>();
    TABLE
        .lines()
        .forEach(row -> {
          String name = row.replaceFirst("^[\\d ]+", "");
          for (String port : row.substring(0, row.length() - name.length()).strip().split(" +")) {
            services.put(Integer.valueOf(port), name);
          }
        });
    return Map.copyOf(services);
  }
}
