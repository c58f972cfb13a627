using Scriban.Runtime;

namespace Mayu.Core.Rendering;

/// <summary>A map of variables. It knows the names that were given without a value, which templates cannot print.</summary>
internal sealed class VariableMap() : ScriptObject(0, autoImportStaticsFromThisType: false, StringComparer.Ordinal)
{
    /// <summary>The names whose value is null.</summary>
    public HashSet<string> Nulls { get; } = new(StringComparer.Ordinal);
}

/// <summary>A map whose values come from somewhere else: only its names are known.</summary>
internal interface INamedValues
{
    /// <summary>The names.</summary>
    IEnumerable<string> Names { get; }
}
