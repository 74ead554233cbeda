package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.chameleon.model.ComputeDevice;
import org.junit.jupiter.api.Test;

class DeviceCacheTest {
  private static final ComputeDevice FIRST = new ComputeDevice(0);
  private static final ComputeDevice SECOND = new ComputeDevice(1);

  private final List<String> closed = new ArrayList<>();
  private final DeviceCache<String, StringBuilder> cache =
      new DeviceCache<>(value -> closed.add(value.toString()));

  @Test
  void tasksShareWhatIsOpenAndFindItAgain() {
    StringBuilder first = take(FIRST, "a");
    assertThat(take(FIRST, "a")).isSameAs(first);
    cache.giveBack(first);
    cache.giveBack(first);
    assertThat(take(FIRST, "a")).isSameAs(first);
    assertThat(closed).isEmpty();
  }

  @Test
  void anotherKeyOnTheDeviceClosesTheOldOneOnceItsLastUserIsDone() {
    StringBuilder old = take(FIRST, "a");
    take(FIRST, "a");
    StringBuilder other = take(SECOND, "a");
    StringBuilder next = take(FIRST, "b");
    assertThat(closed).isEmpty();
    cache.giveBack(old);
    assertThat(closed).isEmpty();
    cache.giveBack(old);
    assertThat(closed).containsExactly("a");
    assertThat(take(FIRST, "b")).isSameAs(next);
    assertThat(take(SECOND, "a")).isSameAs(other);
    cache.giveBack(other);
    cache.giveBack(other);
    take(SECOND, "c");
    assertThat(closed).containsExactly("a", "a");
  }

  @Test
  void whatNobodyUsesIsClosedBeforeTheNextIsOpened() {
    cache.giveBack(take(FIRST, "a"));
    cache.take(
        FIRST,
        "b",
        () -> {
          assertThat(closed).containsExactly("a");
          return new StringBuilder("b");
        });
  }

  @Test
  void whatIsDiscardedIsTakenByNobodyAndClosedByItsLastUser() {
    StringBuilder broken = take(FIRST, "a");
    take(FIRST, "a");
    cache.discard(broken);
    assertThat(take(FIRST, "a")).isNotSameAs(broken);
    cache.giveBack(broken);
    assertThat(closed).isEmpty();
    cache.giveBack(broken);
    assertThat(closed).containsExactly("a");
  }

  @Test
  void whatDoesNotOpenOrCloseLeavesThePlaceFree() {
    DeviceCache<String, String> failing =
        new DeviceCache<>(
            value -> {
              throw new IllegalStateException("does not close");
            });
    assertThatThrownBy(
            () ->
                failing.take(
                    FIRST,
                    "a",
                    () -> {
                      throw new IllegalStateException("does not open");
                    }))
        .hasMessage("does not open");
    failing.giveBack(failing.take(FIRST, "a", () -> "a"));
    assertThat(failing.take(FIRST, "b", () -> "b")).isEqualTo("b");
  }

  @Test
  void openingOnOneDeviceLetsOthersGoOn() throws InterruptedException {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread slow =
        new Thread(
            () ->
                cache.take(
                    FIRST,
                    "a",
                    () -> {
                      opening.countDown();
                      try {
                        done.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      return new StringBuilder("a");
                    }));
    slow.start();
    opening.await();
    assertThat(take(SECOND, "a")).hasToString("a");
    done.countDown();
    slow.join();
  }

  private StringBuilder take(ComputeDevice device, String key) {
    return cache.take(device, key, () -> new StringBuilder(key));
  }
}
