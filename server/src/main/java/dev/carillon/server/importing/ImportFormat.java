package dev.carillon.server.importing;

import java.util.List;
import java.util.regex.Pattern;

/** What kind of file schedules are imported from. */
public enum ImportFormat {
  /** A user's crontab. */
  CRONTAB {
    @Override
    public List<Item> read(String text, Defaults defaults) {
      return Crontab.read(text, defaults);
    }
  },
  /** What {@code aws scheduler get-schedule} and {@code aws events describe-rule} print. */
  EVENTBRIDGE {
    @Override
    public List<Item> read(String text, Defaults defaults) {
      return EventBridge.read(text, defaults);
    }
  },
  /** Kubernetes CronJobs, as YAML or JSON. */
  CRONJOB {
    @Override
    public List<Item> read(String text, Defaults defaults) {
      return CronJobs.read(text, defaults);
    }
  };

  private static final Pattern MANIFEST = Pattern.compile("(?m)^\\s*\"?(kind|apiVersion)\"?\\s*:");

  /** Reads a file: each schedule is ready, or refused with a reason. */
  public abstract List<Item> read(String text, Defaults defaults);

  /** The kind that a text looks like. */
  public static ImportFormat guess(String text) {
    if (MANIFEST.matcher(text).find()) {
      return CRONJOB;
    }
    String start = text.stripLeading();
    return start.startsWith("{") || start.startsWith("[") ? EVENTBRIDGE : CRONTAB;
  }
}
