using Mayu.Core.Provisioning;

namespace Mayu.Core.Tests.Provisioning;

/// <summary>Templates in a folder of a test.</summary>
internal sealed class TestTemplates(string folder) : ITemplateFolder
{
    /// <summary>A library whose templates and snippets are in one folder.</summary>
    public static TemplateLibrary Library(string folder) => new(new TestTemplates(folder), new TestTemplates(folder));

    public string PathOf(string name) => Path.Combine(folder, name);

    public TemplateText? Find(string name) => File.Exists(PathOf(name)) ? TemplateText.Of(PathOf(name), File.ReadAllBytes(PathOf(name))) : null;
}
