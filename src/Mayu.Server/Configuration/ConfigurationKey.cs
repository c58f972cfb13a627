namespace Mayu.Server.Configuration;

/// <summary>One key of the configuration, as the reference shows it.</summary>
/// <param name="Path">Dotted; <c>[]</c> stands for the entries of a list.</param>
/// <param name="Type">What kind of value it takes.</param>
/// <param name="Default">What holds without it; null: it must be given.</param>
/// <param name="Doc">What it does.</param>
internal sealed record ConfigurationKey(string Path, string Type, string? Default, string Doc);
