using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The variables of a template: a tree of texts, numbers, booleans, lists and maps. What has no value is left out.</summary>
public sealed class TemplateVariables
{
    private readonly ScriptObject _values = new(StringComparer.Ordinal);

    /// <summary>Sets a text; null leaves the name out, and printing it is then an error.</summary>
    public TemplateVariables Set(string name, string? value) => Put(name, value);

    /// <summary>Sets a number; null leaves the name out.</summary>
    public TemplateVariables Set(string name, long? value) => Put(name, value);

    /// <summary>Sets a boolean.</summary>
    public TemplateVariables Set(string name, bool value) => Put(name, value);

    /// <summary>Sets a list of texts.</summary>
    public TemplateVariables Set(string name, IEnumerable<string> values) => Put(name, new ScriptArray(values));

    /// <summary>Sets a map of its own variables.</summary>
    public TemplateVariables Set(string name, TemplateVariables map) => Put(name, map._values);

    /// <summary>Sets a list of maps.</summary>
    public TemplateVariables Set(string name, IEnumerable<TemplateVariables> maps) => Put(name, new ScriptArray(maps.Select(map => map._values)));

    internal ScriptObject ToScriptObject() => _values;

    private TemplateVariables Put(string name, object? value)
    {
        if (value is not null)
        {
            _values[name] = value;
        }

        return this;
    }
}
