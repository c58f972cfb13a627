namespace Mayu.Core.Profiles;

/// <summary>The disk image a machine installs.</summary>
/// <param name="Name">The image's name, as a profile says it.</param>
/// <param name="Version">Its version.</param>
/// <param name="SizeBytes">Size on the disk, uncompressed.</param>
/// <param name="Sha256">SHA-256 of the compressed file, 64 lower-case hex digits.</param>
public sealed record InstallImage(string Name, string Version, long SizeBytes, string Sha256);
