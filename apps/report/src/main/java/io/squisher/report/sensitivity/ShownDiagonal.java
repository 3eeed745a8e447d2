package io.squisher.report.sensitivity;

/**
 * A diagonal with the name that pictures give it.
 *
 * @param name Fisher, exact Fisher, Squisher, or the file's where several are of a kind: the same name has the same colour on all pages
 */
public record ShownDiagonal(String name, NetworkSensitivity sensitivity) {}
