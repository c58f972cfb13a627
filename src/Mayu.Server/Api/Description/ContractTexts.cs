using System.Collections.Frozen;

namespace Mayu.Server.Api.Description;

/// <summary>What the comments of the contracts say, by <c>Machine</c> or <c>Machine.Serial</c> in any case. The build takes them from the documentation of the projects.</summary>
internal static class ContractTexts
{
    private static readonly string[] Projects = ["Mayu.Client", "Mayu.Primitives"];

    private static readonly Lazy<FrozenDictionary<string, string>> Texts = new(Read);

    /// <summary>The text of a type; null where it has none.</summary>
    public static string? Of(Type type) => Texts.Value.GetValueOrDefault(type.Name);

    /// <summary>The text of a type's property; null where it has none.</summary>
    /// <param name="type">The type, or one that inherits it.</param>
    /// <param name="property">The property's name in JSON.</param>
    public static string? Of(Type type, string property)
    {
        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            if (Texts.Value.TryGetValue($"{owner.Name}.{property}", out var text))
            {
                return text;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, string> Read()
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var project in Projects)
        {
            using var reader = new StreamReader(typeof(ContractTexts).Assembly.GetManifestResourceStream($"ContractTexts.{project}")!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Split('\t') is [var name, { Length: > 0 } text])
                {
                    texts[name] = text;
                }
            }
        }

        return texts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
