namespace Mayu.Ctl.Output;

/// <summary>How an answer is printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people: a table on a terminal, aligned columns in a pipe.</summary>
    Table,

    /// <summary>The API's JSON, indented.</summary>
    Json,

    /// <summary>The same as YAML.</summary>
    Yaml,
}
