namespace Mayu.Mutation;

/// <summary>Project files, found by their folder.</summary>
internal static class ProjectFile
{
    /// <exception cref="MutationException">There is none, or more than one.</exception>
    public static string Below(string folder) => Directory.Exists(folder) && Directory.GetFiles(folder, "*.csproj") is [var only]
        ? only
        : throw new MutationException($"{folder} has no project file");
}
