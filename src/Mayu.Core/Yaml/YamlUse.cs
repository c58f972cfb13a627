namespace Mayu.Core.Yaml;

/// <summary>What a document is for, which decides what of it is in doubt.</summary>
public enum YamlUse
{
    /// <summary>Its values are taken out of it here, and go on as JSON has them: nobody else reads the document.</summary>
    Values,

    /// <summary>It goes on as it stands, to a reader of YAML 1.1 as well: cloud-init is one.</summary>
    Document,
}
