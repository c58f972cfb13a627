using Mayu.Core.Yaml;

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
        : this(line is null ? $"template {file}: {problem}" : $"template {file}, line {line}, column {column ?? 1}: {problem}", inner: null)
    {
    }

    private TemplateException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>What it printed is not what it should be.</summary>
    /// <param name="name">The template's name.</param>
    /// <param name="fault">The fault; its place is one of the output.</param>
    /// <param name="place">What printed it; null if that is not known.</param>
    public static TemplateException OfOutput(string name, YamlFaultException fault, TemplatePlace? place)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new TemplateException(
            place is null
                ? $"template {name}: line {fault.Line}, column {fault.Column} of what it prints: {fault.Message}"
                : $"template {place.File}, line {place.Line}, column {place.Column}: {fault.Message}",
            fault);
    }

    /// <summary>Rendering it ended in a way that nobody foresaw: a fault of this program or of its libraries, told as the template's all the same.</summary>
    /// <param name="file">The template's file.</param>
    /// <param name="escaped">What escaped. Its message may carry a value and is not repeated.</param>
    public static TemplateException Unforeseen(string file, Exception escaped)
    {
        ArgumentNullException.ThrowIfNull(escaped);
        return new TemplateException($"template {file}: it cannot be rendered ({escaped.GetType().Name}); please report it with the template", escaped);
    }
}
