using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mayu.Mutation;

/// <summary>A file of a project, with the places that can be changed. The project is called like its folder below <c>src</c>; the path is from the tree's root.</summary>
internal sealed record SourceFile(string Project, string Path, SyntaxNode Root, IReadOnlyList<Place> Places)
{
    /// <summary>Reads the files of a project, in the order of their paths.</summary>
    public static IReadOnlyList<SourceFile> ReadProject(string tree, string project)
    {
        var folder = System.IO.Path.Combine(tree, "src", project);
        (string Path, SyntaxNode Root)[] files =
        [
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(tree, file))
                .Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => (path, CSharpSyntaxTree.ParseText(File.ReadAllText(System.IO.Path.Combine(tree, path))).GetRoot())),
        ];
        var logMethods = files.SelectMany(file => file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "LoggerMessage"))
            .Select(method => method.Identifier.Text).ToHashSet(StringComparer.Ordinal);
        return [.. files.Select(file => new SourceFile(project, file.Path, file.Root, PlaceFinder.Find(file.Root, logMethods)))];
    }
}
