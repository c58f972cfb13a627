using System.Text.Json.Nodes;

namespace Mayu.Server.Http;

/// <summary>A parameter that a route takes, for the description of the API.</summary>
/// <param name="Place">Where it is: <c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it says.</param>
/// <param name="Example">A value that is taken.</param>
/// <param name="Schema">Its JSON Schema, which nobody may change.</param>
internal sealed record RequestParameter(string Place, string Name, string Text, string Example, JsonObject Schema)
{
    public const string Path = "path";
    public const string Query = "query";
    public const string Header = "header";

    /// <summary>A text.</summary>
    public static RequestParameter OfText(string place, string name, string text, string example) => new(place, name, text, example, new() { ["type"] = "string" });
}
