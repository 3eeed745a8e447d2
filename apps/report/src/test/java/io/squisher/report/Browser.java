package io.squisher.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, where the machine has one; tests are skipped where it has none. */
final class Browser implements AutoCloseable {
    final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one that puts what it saves into {@code downloads}. */
    static Browser start(Path downloads) {
        Optional<File> browser = program("chromium", "chromium-browser", "google-chrome");
        Optional<File> driver = program("chromedriver");
        assumeTrue(
                browser.isPresent() && driver.isPresent(),
                "no Chromium here: install chromium and chromium-driver to test pages");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars");
        options.setExperimentalOption(
                "prefs",
                Map.of(
                        "download.default_directory",
                        downloads.toString(),
                        // Several files of one page are no reason to ask.
                        "profile.default_content_setting_values.automatic_downloads",
                        1));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = ChromeDriverService.createDefaultService();
        service.setExecutable(driver.orElseThrow().getPath());
        Browser started = new Browser(new ChromeDriver(service, options));
        // A busy machine may take its time; nothing here waits without need.
        started.driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(3));
        return started;
    }

    private static Optional<File> program(String... names) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    /** A command of the DevTools protocol. */
    void command(String name, Map<String, Object> parameters) {
        driver.executeCdpCommand(name, parameters);
    }

    /** Counts the processor time of the page's thread from now on: wall time would count what else the machine does. */
    void countProcessorTime() {
        command("Performance.enable", Map.of("timeDomain", "threadTicks"));
    }

    /** What the page's thread worked, in seconds: reading, scripts, style and layout. */
    double processorSeconds() {
        List<?> metrics = (List<?>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        return metrics.stream()
                .map(Map.class::cast)
                .filter(metric -> metric.get("name").equals("TaskDuration"))
                .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
                .findFirst()
                .orElseThrow();
    }

    /** Takes a size of window and a scheme of colours; so high that the whole page is in view and drawn. */
    void look(int width, String scheme) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 14000, "deviceScaleFactor", 1, "mobile", false));
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void open(Path page, String address) {
        driver.get("about:blank");
        driver.get(page.toUri() + address);
    }

    Object script(String text, Object... arguments) {
        return driver.executeScript(text, arguments);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
