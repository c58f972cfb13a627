namespace Mayu.Core.Provisioning;

/// <summary>A template that cannot be read or rendered. It never carries a value, which may be a secret.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>A new exception.</summary>
    /// <param name="file">The template's file.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="line">The line, from 1; null when it has none.</param>
    /// <param name="column">The column, from 1.</param>
    public TemplateException(string file, string problem, int? line = null, int? column = null)
        : base(line is null ? $"template {file}: {problem}" : $"template {file}, line {line}, column {column ?? 1}: {problem}")
    {
    }
}
